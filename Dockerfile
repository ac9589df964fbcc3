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

# The first start must not spend a minute on learning, on whatever volume it starts.
COPY knowledge knowledge
RUN /opt/selis/bin/python -c 'from knowledge.prepare import LEARNED, prepare; prepare(kept=LEARNED)' \
 && rm knowledge/learned/*.questions.json && chmod a+r knowledge/learned/*

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
RUN /tools/bin/pip wheel -q --no-deps --no-build-isolation --wheel-dir /dist . \
 && /tools/bin/pip --python /opt/selis/bin/python install -q --no-deps /dist/selis-*.whl

# What Sēlis never reads: tests, sources and symbols of libraries, countries' area codes, languages nobody writes here in.
# Libraries below *.libs were bound to their wheel in a way that strip breaks.
RUN command -v strip >/dev/null || { apt-get -qq update && apt-get -qq install -y --no-install-recommends binutils; }
RUN cd /opt/selis/lib/python3.*/site-packages \
 && find . -type d \( -name tests -o -name test -o -name testing -o -name SelfTest \) ! -path './numpy/testing' \
    -prune -exec rm -rf {} + \
 && find . -type f \( -name '*.c' -o -name '*.cpp' -o -name '*.h' -o -name '*.hpp' -o -name '*.pyx' -o -name '*.pxd' \
    -o -name '*.pxi' -o -name '*.pyi' -o -name '*.a' -o -name '*.lib' \) -delete \
 && rm -rf phonenumbers/geodata phonenumbers/carrierdata phonenumbers/tzdata numpy/f2py \
 && find babel/locale-data -name '*.dat' ! -name 'root.dat' ! -name 'lv*.dat' ! -name 'ru*.dat' ! -name 'en*.dat' -delete \
 && find pygments/lexers -type f ! -name '__init__.*' ! -name '_mapping.*' -delete \
 && find . -name '*.so' ! -path './*.libs/*' ! -path './numpy/*' -exec strip --strip-unneeded {} +

COPY deploy/image_root.py deploy/
RUN python3 deploy/image_root.py /image /opt/selis

# ---- run: only what image_root.py names, so there is no shell and no package manager ---------------------------------
FROM scratch
ARG VERSION=0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Sēlis" \
      org.opencontainers.image.description="Answers residents of Sēlija who ask a chat, in everyday Latvian, whom to call or write" \
      org.opencontainers.image.licenses="MIT AND CC-BY-4.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

COPY --from=build /image /

# The file system may be read-only but for this volume; nothing is compiled or written elsewhere.
ENV PATH=/opt/selis/bin \
    LANG=C.UTF-8 \
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
