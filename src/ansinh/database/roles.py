"""The database's roles, and what each may do.

| role             | may                                                                          |
|------------------|------------------------------------------------------------------------------|
| ansinh_owner     | migrate: owns the database and everything in it                              |
| ansinh_app       | run: read and change rows; make or drop nothing                              |
| ansinh_officer   | read what an officer bound to provinces may see: nobody signs in as it; the  |
|                  | app puts it on for a transaction, and the rows' own policies apply to it     |
| ansinh_gateway   | use the schema `published`; what in it, each migration grants                |
| ansinh_superuser | set up and back up; exists only on our own server                            |

Every statement here can be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from ansinh.database.refusals import DatabaseRefusal

DATABASE = "ansinh"
SUPERUSER = "ansinh_superuser"
OWNER = "ansinh_owner"
APP = "ansinh_app"
GATEWAY = "ansinh_gateway"
OFFICER = "ansinh_officer"
PUBLISHED = "published"
EXTENSIONS = ("pg_trgm", "unaccent")
SERVER_VERSION_MIN = 16

_ROLE_ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def prepare_embedded(server: psycopg.Connection, database_url: str) -> None:
    """Make the roles, the database, its schema and its privileges on our own server; `server` is in autocommit."""
    for role in (OWNER, APP, GATEWAY):
        if not _role_exists(server, role):
            server.execute(sql.SQL("CREATE ROLE {} " + _ROLE_ATTRIBUTES).format(sql.Identifier(role)))
    for statement in officer_statements(server):
        server.execute(statement)
    if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
    with psycopg.connect(database_url) as connection:
        for statement in extension_statements() + privilege_statements(OWNER, DATABASE):
            connection.execute(statement)


def prepare(owner_url: str, passwords: Mapping[str, str]) -> None:
    """Make the roles and privileges on a server that is not ours, as the owner of the database named in the URL.

    `passwords` are those of the running and the gateway's role; empty leaves existing ones alone.
    Refuses `server_too_old`, and `set_up_not_permitted` with the SQL that an administrator has to run.
    """
    with psycopg.connect(owner_url) as connection:
        require_new_enough(connection)
        statements = set_up_statements(connection, passwords)
        try:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(hashtext('ansinh.database.prepare'))")
                for statement in statements:
                    connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as trouble:
            script = set_up_script(connection, passwords)
            raise DatabaseRefusal(
                "set_up_not_permitted",
                f"The user of DATABASE_URL may not make the roles ({trouble.diag.message_primary}). Ask an "
                f"administrator of the server to run this in the database:\n\n{script}",
                f"Người dùng trong DATABASE_URL không được phép tạo vai trò ({trouble.diag.message_primary}). Hãy nhờ "
                f"quản trị viên máy chủ chạy đoạn SQL trên trong cơ sở dữ liệu.",
            ) from trouble


def require_new_enough(connection: psycopg.Connection) -> None:
    """Refuse (`server_too_old`) a server older than PostgreSQL 16."""
    major = connection.info.server_version // 10_000
    if major < SERVER_VERSION_MIN:
        raise DatabaseRefusal(
            "server_too_old",
            f"DATABASE_URL points at PostgreSQL {major}; {SERVER_VERSION_MIN} or newer is needed.",
            f"DATABASE_URL trỏ tới PostgreSQL {major}; cần bản {SERVER_VERSION_MIN} trở lên.",
        )


def set_up_statements(connection: psycopg.Connection, passwords: Mapping[str, str]) -> list[sql.Composed]:
    """What must still be done on a server that is not ours, as statements; roles that exist stay as they are."""
    owner, database = connection.info.user, connection.info.dbname
    present = connection.execute("SELECT extname FROM pg_extension").fetchall()
    missing = [name for name in EXTENSIONS if (name,) not in present]
    return [
        *_role_statements(connection, passwords),
        *extension_statements(missing),
        *privilege_statements(owner, database),
    ]


def set_up_script(connection: psycopg.Connection, passwords: Mapping[str, str]) -> str:
    """The same statements as a script for an administrator; passwords stand in it only as SCRAM verifiers."""
    return "\n".join(f"{part.as_string(connection)};" for part in set_up_statements(connection, passwords))


def _role_statements(connection: psycopg.Connection, passwords: Mapping[str, str]) -> list[sql.Composed]:
    statements: list[sql.Composed] = []
    for role in (APP, GATEWAY):
        word = passwords.get(role)
        secret = sql.SQL("").format()
        if word:
            # The server sees only the verifier, so no log of it can hold the password.
            verifier = connection.pgconn.encrypt_password(word.encode(), role.encode(), b"scram-sha-256").decode()
            secret = sql.SQL(" PASSWORD {}").format(sql.Literal(verifier))
        if not _role_exists(connection, role):
            made = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role))
            statements.append(made + secret)
    return statements + officer_statements(connection)


def officer_statements(connection: psycopg.Connection) -> list[sql.Composed]:
    """What must still be done for the role of officers' sight; it comes after the other roles.

    The app sees every row, as it did before rows had policies, and loads them by COPY, which PostgreSQL refuses to whom policies apply.
    """
    lines = {
        "CREATE ROLE {officer} NOLOGIN": "SELECT FROM pg_roles WHERE rolname = %(officer)s",
        "ALTER ROLE {app} BYPASSRLS": "SELECT FROM pg_roles WHERE rolname = %(app)s AND rolbypassrls",
        "GRANT {officer} TO {app} WITH INHERIT FALSE, SET TRUE": """
            SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles g ON g.oid = m.member
            WHERE r.rolname = %(officer)s AND g.rolname = %(app)s AND m.set_option AND NOT m.inherit_option
        """,
    }
    names = {"officer": OFFICER, "app": APP}
    missing = [line for line, done in lines.items() if connection.execute(done, names).fetchone() is None]
    return [statement for line in missing for statement in _statements(line)]


def extension_statements(names: tuple[str, ...] | list[str] = EXTENSIONS) -> list[sql.Composed]:
    """Statements that add the extensions the platform uses."""
    return [sql.SQL("CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA public").format(sql.Identifier(n)) for n in names]


def privilege_statements(owner: str, database: str) -> list[sql.Composed]:
    """Statements that give each role in a database exactly what it needs, now and for tables to come."""
    return [*database_privilege_statements(database), *_schema_privilege_statements(owner)]


def database_privilege_statements(database: str) -> list[sql.Composed]:
    """Statements on the database itself, which a copy made from a template does not inherit."""
    lines = """
        REVOKE ALL ON DATABASE {database} FROM PUBLIC
        GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}
        GRANT CONNECT ON DATABASE {database} TO {gateway}
    """
    return _statements(lines, database=database)


def _schema_privilege_statements(owner: str) -> list[sql.Composed]:
    lines = """
        REVOKE ALL ON SCHEMA public FROM PUBLIC
        GRANT USAGE, CREATE ON SCHEMA public TO {owner}
        GRANT USAGE ON SCHEMA public TO {app}, {officer}
        CREATE SCHEMA IF NOT EXISTS {published} AUTHORIZATION {owner}
        GRANT USAGE ON SCHEMA {published} TO {app}, {gateway}
        ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}
        ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {app}
        ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
        ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON FUNCTIONS TO {app}
    """
    return _statements(lines, owner=owner)


def _statements(lines: str, **names: str) -> list[sql.Composed]:
    known = {"app": APP, "officer": OFFICER, "gateway": GATEWAY, "published": PUBLISHED} | names
    identifiers = {place: sql.Identifier(name) for place, name in known.items()}
    return [sql.SQL(line.strip()).format(**identifiers) for line in lines.strip().splitlines()]


def _role_exists(connection: psycopg.Connection, role: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None
