# Sēlis as a container image: `make image`. Any base with Python 3.11 or newer and its venv module will do.
ARG BASE=python:3.11-slim

# ---- build: packages from hashed requirements, the program, and the words of its knowledge learned ------------------
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /src

# Tools stay in an environment of their own: what runs has no pip.
RUN python3 -m venv /tools && python3 -m venv --without-pip /opt/selis
COPY requirements/run.txt requirements/build.txt requirements/postgres.txt requirements/
RUN /tools/bin/pip install -q --require-hashes -r requirements/build.txt \
 && /tools/bin/pip --python /opt/selis/bin/python install -q --require-hashes \
    -r requirements/run.txt -r requirements/postgres.txt

COPY pyproject.toml README.md LICENSE ./
COPY knowledge knowledge
COPY bot bot
COPY adapters adapters
RUN /tools/bin/pip wheel -q --no-deps --no-build-isolation --wheel-dir /dist . \
 && /tools/bin/pip --python /opt/selis/bin/python install -q --no-deps /dist/selis-*.whl

# The first start must not spend a minute on learning, on whatever volume it starts.
RUN cd / && SELIS_DATA_DIR=/learned /opt/selis/bin/selis ask labdien \
 && mv /learned/models "$(/opt/selis/bin/python -c 'import knowledge; print(knowledge.__path__[0])')/learned"

# What Sēlis never reads: tests of libraries, countries' area codes and carriers, languages nobody writes here in.
RUN cd /opt/selis/lib/python3.*/site-packages \
 && find . -type d \( -name tests -o -name test \) -prune -exec rm -rf {} + \
 && rm -rf phonenumbers/geodata phonenumbers/carrierdata phonenumbers/tzdata \
 && find babel/locale-data -name '*.dat' ! -name 'root.dat' ! -name 'lv*.dat' ! -name 'ru*.dat' ! -name 'en*.dat' -delete \
 && mkdir /data

# ---- run ------------------------------------------------------------------------------------------------------------
FROM ${BASE}
ARG VERSION=0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Sēlis" \
      org.opencontainers.image.description="Answers residents of Sēlija who ask a chat, in everyday Latvian, whom to call or write" \
      org.opencontainers.image.licenses="MIT AND CC-BY-4.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

COPY --from=build /opt/selis /opt/selis
COPY --from=build --chown=10001:10001 /data /var/lib/selis

# The file system may be read-only but for this volume; nothing is compiled or written elsewhere.
ENV PATH=/opt/selis/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/var/lib/selis \
    PYTHONDONTWRITEBYTECODE=1 \
    SELIS_DATA_DIR=/var/lib/selis
WORKDIR /
USER 10001:10001
VOLUME /var/lib/selis
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 CMD ["/opt/selis/bin/selis", "health"]
ENTRYPOINT ["/opt/selis/bin/selis"]
CMD ["run"]
