-- So many different times in the last hour before a container was packed, and by so many of its files, are no accident.
local MOST = 4
local DAY_ONE = 946684800 -- 2000-01-01: what is older was set by hand

---@type probity.Check
return {
  title       = "Times of the machine on which it was built",
  why         = "Files that carry the minute in which they were built make each build differ from the next: nobody can show that it is the "
    .. "same.",
  confirm     = [[List the times: `tar --full-time -tvf OBJECT` or `zipinfo -T OBJECT`, and build it twice to see with
    `diffoscope A B` whether they are all that differs.]],
  catalogue   = "V-05",
  claim       = "reproducibility",
  severity    = "low",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 24, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "manifest" },
  findings    = {
    clock = {
      says = "the files in it were made at %d different seconds within one hour: by the clock of the machine that built it",
      fix = "Give all files one time (SOURCE_DATE_EPOCH; tar --mtime and --sort=name).",
    },
  },
  maps        = { "paris:P6", "req:R27" },
  samples     = { hit = { "wall-clock.tar" }, clean = { "one-day.tar", "old-sources.tar" } },

  object = function(object, found)
    local times = (object.facts.members or {}).times
    if times and times.late > MOST and times.last > DAY_ONE then
      found.clock { key = object.sha256, excerpt = tostring(times.last), times.late }
    end
  end,
}
