console.log("token", token.type, tokens.length);
console.debug(nextToken());
log.info("unexpected token " + token);
