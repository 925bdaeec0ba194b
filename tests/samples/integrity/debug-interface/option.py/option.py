import os

app.run(port=80, debug=os.environ.get("DEBUG") == "1")
# app.run(debug=True)
