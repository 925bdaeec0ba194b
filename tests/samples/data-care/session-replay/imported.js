import { record } from "rrweb";

const events = [];
record({ emit: (event) => events.push(event) });
