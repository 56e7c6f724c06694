# The production image for web, workers, beat and migrations.
FROM python:3.12.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/venv/bin:$PATH
RUN python -m venv /opt/venv
WORKDIR /srv/portal
COPY requirements.txt .
RUN pip install --require-hashes --no-deps -r requirements.txt
# The packages that read text in pictures, about 300 MB, with --build-arg OCR_ENABLED=1.
ARG OCR_ENABLED=0
COPY requirements-ocr.txt .
# As the settings spell a value that is on.
RUN case "$(echo "$OCR_ENABLED" | tr A-Z a-z)" in 1|true|on|ok|y|yes) pip install --require-hashes --no-deps -r requirements-ocr.txt ;; esac
COPY . .
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends gettext
# The settings require these variables. They are not used here and do not remain in the image.
RUN export SECRET_KEY=unused DATABASE_URL=postgres://unused@unused/unused REDIS_URL=redis://unused \
    LIAISON_REDIS_URL=redis://unused EMAIL_URL=dummymail:// EVIDENCE_ROOT=/var/lib/portal/evidence \
 && python manage.py compilemessages --locale zh_Hans --locale en --verbosity 0 \
 && python manage.py collectstatic --no-input --verbosity 0 \
 && rm -r dev \
 && python -m compileall -q .

FROM python:3.12.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=alliance.settings \
    EVIDENCE_ROOT=/var/lib/portal/evidence
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent portal \
 && install -d -o portal -g portal -m 700 \
    /var/lib/portal /var/lib/portal/evidence
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/portal /srv/portal
WORKDIR /srv/portal
USER portal
EXPOSE 8000
# gunicorn.conf.py has the other options.
CMD ["gunicorn", "alliance.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm"]
