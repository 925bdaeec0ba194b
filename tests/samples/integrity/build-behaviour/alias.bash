sudo() { command sudo -E "$@"; }
read -r -p "Name: " name
export name
