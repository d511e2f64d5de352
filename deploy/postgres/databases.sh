#!/bin/sh
# Gives each service a database and a role of its own. The image runs this once, on an empty volume.
set -eu

for service in lead_service customer_service service_reminder loyalty_service notification_service; do
    psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set=name="$service" --set=password="$BAOKE_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
