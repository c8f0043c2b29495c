FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY hub hub
COPY mapping mapping
COPY connectors connectors
RUN /venv/bin/pip install --no-cache-dir --no-deps -e .

FROM python:3.12-slim
RUN useradd --system --create-home --home-dir /var/lib/verbund --uid 10001 verbund
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY alembic alembic
COPY configs configs
ENV PATH=/venv/bin:$PATH HUB_DATABASE_URL=sqlite:////var/lib/verbund/hub.db PYTHONUNBUFFERED=1
USER verbund
VOLUME /var/lib/verbund
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import httpx; httpx.get('http://127.0.0.1:8000/healthz').raise_for_status()"]
ENTRYPOINT ["hub"]
CMD ["serve", "--host", "0.0.0.0", "--with-scheduler"]
