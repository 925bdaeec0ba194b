rrweb.record({ emit() {} })
