require("http").createServer(answer).listen(8080, "0.0.0.0");
