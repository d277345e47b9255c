# Sourced by run.sh: what the clients' programs need, and how each kind is run.

debian_packages=(
  mariadb-client gcc libmariadb-dev
  python3-pymysql python3-cryptography python3-mysqldb python3-sqlalchemy python3-django
  php-cli php-mysql libdbd-mysql-perl libdbd-mariadb-perl ruby-mysql2 ruby-activerecord
  odbc-mariadb python3-pyodbc golang-go golang-github-go-sql-driver-mysql-dev
  default-jdk-headless libmariadb-java r-base-core r-cran-rmysql
)

# Where the packages of package-lock.json lie; Node looks for them there, and not beside the programs.
node_modules=${P2PDB_CLIENTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/p2pdb-clients}

install_clients() {
  local package missing=()
  command -v npm >/dev/null || debian_packages+=(nodejs npm)
  for package in "${debian_packages[@]}"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if ((${#missing[@]})); then
    apt-get update -q >"$work/install.log" 2>&1 &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >>"$work/install.log" 2>&1 ||
      { tail -n 20 "$work/install.log" >&2; return 1; }
  fi
  mkdir -p "$node_modules"
  if ! cmp -s "$here/package-lock.json" "$node_modules/installed.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$node_modules"
    (cd "$node_modules" && npm ci --no-audit --no-fund --ignore-scripts) >"$work/npm.log" 2>&1 ||
      { tail -n 20 "$work/npm.log" >&2; return 1; }
    cp "$here/package-lock.json" "$node_modules/installed.json"
  fi
}

# need COMMAND…: what a program cannot run without; 77 is "skipped".
need() {
  "$@" >/dev/null 2>&1 || { echo "not installed: $*"; exit 77; }
}

run_program() {
  case $1 in
    *.sh) bash "$1" ;;
    *.py) run_python "$1" ;;
    *.php) need php -r 'exit(extension_loaded("mysqli") && extension_loaded("pdo_mysql") ? 0 : 1);'; php "$1" ;;
    *.pl) need perl -MDBD::mysql -MDBD::MariaDB -e 1; perl "$1" ;;
    *.rb) need ruby -e 'require "mysql2"; require "active_record"'; ruby "$1" ;;
    *.js) need test -d "$node_modules/node_modules/mysql2"; NODE_PATH=$node_modules/node_modules node "$1" ;;
    *.c) need mariadb_config --cflags; gcc -O1 -Wall -Werror "$1" $(mariadb_config --cflags --libs) -o client && ./client ;;
    *.go) run_go "$1" ;;
    *.java) run_java "$1" ;;
    *.R) need Rscript -e 'library(RMySQL)'; Rscript --vanilla "$1" ;;
    *) echo "no way to run $1"; return 1 ;;
  esac
}

# The distribution's interpreter: its drivers are what is tested.
run_python() {
  local module
  for module in $(sed -n 's/^# needs: //p' "$1"); do
    need /usr/bin/python3 -c "import $module"
  done
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here /usr/bin/python3 "$1"
}

# Debian packages Go libraries as sources under /usr/share/gocode.
run_go() {
  need test -d /usr/share/gocode/src/github.com/go-sql-driver/mysql
  need go version
  GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS=-buildvcs=false GOCACHE=$node_modules/go go run "$1"
}

run_java() {
  need test -e /usr/share/java/mariadb-java-client.jar
  need javac -version
  java -cp /usr/share/java/mariadb-java-client.jar "$1"
}
