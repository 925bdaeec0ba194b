if (address === "0.0.0.0" || host == "[::]") host = "localhost";
const shown = host.replace("0.0.0.0", "localhost");
server.listen(8080, "127.0.0.1");
