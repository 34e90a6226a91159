# syntax=docker/dockerfile:1

# The design system package that the pages are built with, in the version of the lock file.
FROM node:22-bookworm-slim AS package
WORKDIR /package
COPY static/package.json static/package-lock.json static/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# The program. The image brings gcc, which the embedded database and the cryptography are compiled with.
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY --from=package /package/node_modules/nhsuk-frontend /nhsuk-frontend
ENV ASSURED_NHSUK_FRONTEND=/nhsuk-frontend
COPY Cargo.toml Cargo.lock build.rs ./
COPY migrations migrations
COPY src src
COPY static static
COPY templates templates
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin assured \
    && install -D target/release/assured /out/assured

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin assured \
    && install --directory --owner=assured --group=assured --mode=0700 /data
COPY --from=build /out/assured /usr/local/bin/assured
COPY LICENSE /usr/share/doc/assured/LICENSE

ENV ASSURED_DATABASE=sqlite:/data/assured.db \
    ASSURED_DATA=/data \
    ASSURED_LISTEN=0.0.0.0:8080 \
    ASSURED_MAIL=folder:/data/mail
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# There is no curl in this image; bash can open the connection itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${ASSURED_LISTEN##*:} && printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status == 200 ]]"]
ENTRYPOINT ["assured"]
CMD ["serve"]
