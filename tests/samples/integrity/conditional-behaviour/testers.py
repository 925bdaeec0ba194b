import getpass
import sys

if getpass.getuser() in ("WDAGUtilityAccount", "Abby", "Peter Wilson"):
    sys.exit(0)
