# syntax=docker/dockerfile:1
# One static binary and nothing else. tools/image/prove.sh shows without a container engine that it needs nothing else.
FROM rust:1.95-bookworm AS build
WORKDIR /build
RUN rustup target add "$(uname -m)-unknown-linux-musl"
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --target "$(uname -m)-unknown-linux-musl" \
    && cp "target/$(uname -m)-unknown-linux-musl/release/persona-mock" /persona-mock

FROM scratch
# The version and the address are those of Cargo.toml, which tools/packages/stated.mjs holds. Who builds says the commit:
# docker build --build-arg REVISION="$(git rev-parse HEAD)" .
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=https://github.com/persona-mock/persona-mock
LABEL org.opencontainers.image.title="persona-mock" \
      org.opencontainers.image.description="A stateful mock of four vendors' persona APIs" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE"
COPY --from=build /persona-mock /persona-mock
# Any unprivileged user will do; by number, for a scratch image has no /etc/passwd.
USER 65534:65534
# Every address of both families; of IPv4 alone where there is no IPv6.
ENV PERSONA_MOCK_HOST=::
# Says that this is a container, as container managers do: the greeting then shows where it is reached from outside.
ENV container=oci
EXPOSE 8080
# It asks where the same variables make the server listen. It cannot see the flags of `docker run`. While it starts, it is
# asked every 100 ms, so that `docker compose up --wait` waits no longer than that.
HEALTHCHECK --interval=10s --timeout=4s --start-period=10s --start-interval=100ms --retries=3 CMD ["/persona-mock", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/persona-mock"]
