# linkreach as a service, or as a command: docker compose run --rm linkreach check m1 m9
# The first stage installs, the second is what runs: no pip, no compiler, no source tree, nobody's root.

FROM python:3.11-slim AS build
WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY analysis analysis
COPY api api
COPY cypher cypher
COPY graph graph
COPY linkreach linkreach
ENV PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt
RUN python -m venv --without-pip /opt/linkreach \
 && python -m pip --disable-pip-version-check --python /opt/linkreach/bin/python install --quiet --no-cache-dir . \
 && /opt/linkreach/bin/python -m compileall -q /opt/linkreach/lib

FROM python:3.11-slim
COPY --from=build /opt/linkreach /opt/linkreach
COPY graph/sample /sample
# /home/linkreach keeps the hashes of the API's keys, and /reports is where a folder for reports is mounted.
RUN useradd --uid 10001 --create-home linkreach && mkdir /reports && chown linkreach /reports
ENV PATH=/opt/linkreach/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    LINKREACH_HOME=/home/linkreach
USER linkreach
WORKDIR /reports
ENTRYPOINT ["linkreach"]
