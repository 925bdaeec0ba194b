require("http").createServer(answer).listen({ port: 8080, host: "0.0.0.0" });
