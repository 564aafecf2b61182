# The product as one image: web, worker, beat and the commands of the operator (docs/deploy.md).

# Packages and compressed static files are made here; none of the tools for it gets any further.
FROM python:3.13-slim-trixie AS build
WORKDIR /app
COPY deploy/requirements.txt deploy/requirements.txt
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --require-hashes --requirement deploy/requirements.txt
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
COPY . .
# DEMO, so that no secret is needed; what it makes for itself goes with the folder.
RUN DEMO=1 DATA_DIR=/tmp/build STATIC_ROOT=/app/collected python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build \
    && python -m compileall -q -j 0 accounts checkins faq groups journal notifications recovery_site

# The proxy of the default profile: Debian's Caddy, with the very configuration that the profile `tls` runs.
FROM python:3.13-slim-trixie AS proxy
RUN apt-get update && apt-get install --yes --no-install-recommends caddy && rm -rf /var/lib/apt/lists/* \
    && mkdir /proxy && chown 10001:10001 /proxy
COPY deploy/Caddyfile /etc/caddy/Caddyfile
ENV XDG_DATA_HOME=/proxy XDG_CONFIG_HOME=/proxy
USER 10001:10001
EXPOSE 8080 8443
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile"]

# Debian's client of PostgreSQL writes backups; its version is that of the database in docker-compose.yml.
FROM python:3.13-slim-trixie AS product
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 stillwater && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data stillwater \
    && mkdir /data /help /backups && chown 10001:10001 /data /help /backups
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data HELP_DIR=/help STATIC_ROOT=/app/collected HOST=0.0.0.0 PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/alive.py"]
CMD ["bin/start", "web"]
