# One image per service, from the repository's root:
#
#   docker build -f deploy/images/service.Dockerfile --build-arg SERVICE=lead-service -t baoke/lead-service .
#   docker run baoke/lead-service api | worker | migrate | status | replay | release | discard | recover
#
# requirements.lock is given to pip as hashed constraints: an image holds what its packages name and nothing
# else of the workspace, each at the pinned version and checked against a known hash.

FROM python:3.13-slim AS libraries
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/build/bin:$PATH
WORKDIR /src
COPY requirements.lock deploy/images/pip.txt ./
RUN python -m venv --without-pip /venv \
 && python -m venv /build \
 && pip install --require-hashes --requirement pip.txt \
 && pip install --require-hashes --constraint requirements.lock hatchling
COPY deploy/images/third_party.py deploy/images/
COPY libs/events/pyproject.toml libs/events/
COPY libs/chassis/pyproject.toml libs/chassis/
RUN python deploy/images/third_party.py libs/events libs/chassis >third_party.txt \
 && pip --python /venv install --require-hashes --constraint requirements.lock --requirement third_party.txt
COPY libs libs
RUN pip wheel --no-deps --no-build-isolation --wheel-dir wheels ./libs/events ./libs/chassis \
 && pip --python /venv install --no-deps wheels/*

FROM libraries AS service-packages
ARG SERVICE
COPY services/${SERVICE} services/${SERVICE}
RUN python deploy/images/third_party.py "services/${SERVICE}" >third_party.txt \
 && pip --python /venv install --require-hashes --constraint requirements.lock --requirement third_party.txt \
 && pip wheel --no-deps --no-build-isolation --wheel-dir service "./services/${SERVICE}" \
 && pip --python /venv install --no-deps service/* \
 && printf '#!/bin/sh\nexec python -m %s "$@"\n' "$(echo "${SERVICE}" | tr - _)" >/venv/bin/service \
 && chmod 755 /venv/bin/service

FROM libraries AS tools-packages
COPY deploy/local deploy/local
RUN printf 'aiokafka\npyyaml\n' >third_party.txt \
 && pip --python /venv install --require-hashes --constraint requirements.lock --requirement third_party.txt \
 && pip wheel --no-deps --no-build-isolation --wheel-dir tools ./deploy/local \
 && pip --python /venv install --no-deps tools/*

FROM python:3.13-slim AS runtime
RUN useradd --uid 10001 --no-create-home baoke \
 && install --directory --owner=baoke /issuer
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001

# What one-shot containers need: the topics, and the local issuer. No service, no database.
FROM runtime AS tools
COPY --from=tools-packages /venv /venv
ENTRYPOINT ["python", "-m"]

FROM runtime AS service
COPY --from=service-packages /venv /venv
ENV BAOKE_HOST=0.0.0.0 BAOKE_PORT=8000 BAOKE_METRICS_PORT=9464
EXPOSE 8000 9464
ENTRYPOINT ["service"]
CMD ["api"]
