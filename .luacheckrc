-- What scripts/ may use is what the sandbox gives them (bindings/README.md): a name that is not here does not exist there.
std = {
  read_globals = {
    "assert", "error", "ipairs", "next", "pairs", "rawequal", "require", "select", "tonumber", "tostring", "type",
    string = { fields = { "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "pack", "packsize", "rep",
      "reverse", "sub", "unpack", "upper" } },
    table = { fields = { "concat", "insert", "move", "pack", "remove", "sort", "unpack" } },
    math = { fields = { "abs", "ceil", "floor", "fmod", "huge", "max", "maxinteger", "min", "mininteger", "modf", "tointeger",
      "type", "ult" } },
    utf8 = { fields = { "char", "charpattern", "codepoint", "codes", "len", "offset" } },
  },
}
max_line_length = 140
