"""The settings that the launcher reads and those it passes to the portal."""

import stat

import environ
import pytest

from dev import configuration, demo
from dev.console import Problem
from dev.portal import parse_port
from dev.servers import sources


def test_dotenv_with_comments_quotes_and_export():
    text = """
    # a comment
    export DATABASE_URL="postgres://a:b@c/d?e=f"
    EMPTY=
    PLAIN = with spaces
    QUOTED='# no comment'
    UNBALANCED="it's
    nonsense
    """
    assert configuration.parse(text) == {
        "DATABASE_URL": "postgres://a:b@c/d?e=f",
        "EMPTY": "",
        "PLAIN": "with spaces",
        "QUOTED": "# no comment",
        "UNBALANCED": "\"it's",
    }


@pytest.mark.parametrize("name", ["plain", "with a space", "100% + #1?", "联盟"])
def test_any_folder_name_can_be_in_the_mail_url(tmp_path, name):
    url = configuration.mail_folder_url(tmp_path / name)
    assert environ.Env.email_url_config(url)["EMAIL_FILE_PATH"] == str(tmp_path / name)


def test_written_environment_is_read_back_and_private(tmp_path):
    values = {"A": 'it\'s "quoted" $HOME', "B": "", "C": "a b=c"}
    configuration.write(tmp_path / "env", values)
    assert configuration.read(tmp_path / "env") == values
    assert stat.S_IMODE((tmp_path / "env").stat().st_mode) == 0o600


def test_missing_environment(tmp_path):
    assert configuration.read(tmp_path / "env") is None


def test_the_demo_keeps_its_key_and_the_user_can_override_settings():
    servers = {"REDIS_URL": "redis://ours"}
    user = {"LOG_FORMAT": "console", "DATABASE_URL": "postgres://theirs", "UNRELATED": "x"}
    first = configuration.for_demo(8000, servers, {}, {})
    second = configuration.for_demo(8000, servers, user, first)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert configuration.for_demo(8000, servers, {"SECRET_KEY": "k"}, first)["SECRET_KEY"] == "k"
    assert (first["LOG_FORMAT"], second["LOG_FORMAT"]) == ("json", "console")
    assert (second["DATABASE_URL"], second["REDIS_URL"]) == ("postgres://theirs", "redis://ours")
    assert first["DEBUG"] == "0"
    assert "UNRELATED" not in second


def test_tests_use_nothing_of_the_demo(tmp_path):
    urls = {name: f"x://{name}" for name in ("DATABASE_URL", "REDIS_URL", "LIAISON_REDIS_URL")}
    values = configuration.for_tests(tmp_path, urls)
    assert values["DATABASE_URL"] == "x://DATABASE_URL"
    assert values["EVIDENCE_ROOT"].startswith(str(tmp_path))


def test_programs_do_not_inherit_another_python(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "elsewhere.settings")
    values = configuration.for_programs({"A": "1"})
    assert not {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"} & set(values)
    assert values["DJANGO_SETTINGS_MODULE"] == "alliance.settings"
    assert values["A"] == "1"


@pytest.mark.parametrize("asked", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_reported(asked):
    with pytest.raises(Problem, match="Set it to a number"):
        parse_port(asked)


def test_a_port_may_be_left_out():
    assert [parse_port(text) for text in (None, "", "8080")] == [None, None, 8080]


def test_server_preference_can_be_restricted():
    assert sources({}) == ("system", "embedded")
    assert sources({"PORTAL_SERVERS": "embedded"}) == ("embedded",)
    with pytest.raises(Problem, match="'docker'"):
        sources({"PORTAL_SERVERS": "docker"})


def test_development_server_needs_the_demo(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "ENVIRONMENT", tmp_path / "env")
    with pytest.raises(Problem, match="make demo"):
        demo.develop()


def test_development_server_uses_the_demo_data(tmp_path, monkeypatch):
    configuration.write(tmp_path / "env", {"DATABASE_URL": "postgres://demo", "DEBUG": "0"})
    monkeypatch.setattr(demo, "ENVIRONMENT", tmp_path / "env")
    monkeypatch.setattr(demo.portal, "runs", lambda: True)
    started = []
    monkeypatch.setattr(demo.manage, "run_foreground", lambda *call: started.append(call) or 0)
    monkeypatch.setenv("PORT", "18001")
    assert demo.develop() == 0
    [(values, *arguments)] = started
    assert (values["DATABASE_URL"], values["DEBUG"]) == ("postgres://demo", "1")
    port = arguments[-1].rpartition(":")[2]
    assert values["SITE_URL"] == f"http://localhost:{port}"
