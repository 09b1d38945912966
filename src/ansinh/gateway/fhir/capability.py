"""The CapabilityStatement, and where a client proves itself (SMART App Launch 2.2, backend services)."""

from __future__ import annotations

from typing import Any

from ansinh.gateway.fhir.parameters import COMMON, CONTROLS, OF_PERSON_ONLY, PARAMETERS, REFERENCE

VERSION = "4.0.1"
PUBLISHED_ON = "2026-11-23"
OPERATION_DOCS = {
    "summary": "http://hl7.org/fhir/uv/ips/OperationDefinition/summary",
    "export": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export",
}
_SAYS = (
    "Read-only. A search is about one person: by reference to the Patient, by _id, or by a number of the person, which stands in the body of POST _search and "
    "never in an address. Questions about a person carry the headers Ansinh-Officer (who asks, on the facility's list) and Ansinh-Purpose (treatment, "
    "registration, referral, claim, administration; treatment if not said). Each is recorded, and the person can see it. An unknown parameter is an error "
    "unless Prefer: handling=lenient."
)


def capability_statement(base: str) -> dict[str, Any]:
    """Return the statement of what this face can do, each search parameter included."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{base}/metadata",
        "version": "1.0.0",
        "name": "AnsinhGateway",
        "title": "Ansinh: the electronic health book",
        "status": "active",
        "date": PUBLISHED_ON,
        "publisher": "Ansinh",
        "description": "Health books of insured persons, for facilities that treat them, and pseudonymous exports for statistics.",
        "kind": "instance",
        "instantiates": ["http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data"],
        "software": {"name": "Ansinh"},
        "implementation": {"description": "Ansinh gateway, FHIR R4", "url": base},
        "fhirVersion": VERSION,
        "format": ["application/fhir+json", "application/fhir+xml"],
        "implementationGuide": ["http://hl7.org/fhir/uv/ips/ImplementationGuide/hl7.fhir.uv.ips|2.0.1"],
        "rest": [_rest(base)],
    }


def _rest(base: str) -> dict[str, Any]:
    service = "http://terminology.hl7.org/CodeSystem/restful-security-service"
    return {
        "mode": "server",
        "documentation": _SAYS,
        "security": {
            "cors": False,
            "service": [{"coding": [{"system": service, "code": "SMART-on-FHIR"}], "text": "SMART backend services"}],
            "description": f"Client credentials with a signed assertion (ES384, RS384); see {base}/.well-known/smart-configuration",
        },
        "resource": [*(_resource(kind) for kind in PARAMETERS), *_OPERATIONS_ONLY],
        "searchParam": [
            {"name": name, "type": says.partition(":")[0], "documentation": says.partition(":")[2].strip()}
            for name, says in CONTROLS.items()
        ],
    }


def _resource(kind: str) -> dict[str, Any]:
    known = PARAMETERS[kind]
    includes = [f"{kind}:{one.name}" for one in known if one.kind == REFERENCE]
    reverse = [
        f"{source}:{one.name}"
        for source, parameters in PARAMETERS.items()
        for one in parameters
        if one.kind == REFERENCE and kind in one.targets
    ]
    stated: dict[str, Any] = {
        "type": kind,
        "documentation": "The current version is read, and meta.versionId tells which it is; former ones are not served (no vread, no history).",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "readHistory": False,
        "updateCreate": False,
        "conditionalRead": "full-support",
        "searchInclude": includes,
        "searchRevInclude": reverse,
        "searchParam": [_stated(one.name, one.kind, one.says, kind) for one in (*COMMON, *known)],
    }
    if kind == "Patient":
        stated["operation"] = [{"name": "summary", "definition": OPERATION_DOCS["summary"]}]
    return {name: value for name, value in stated.items() if value != []}


def _stated(name: str, kind: str, says: str, resource: str) -> dict[str, Any]:
    definition = f"http://hl7.org/fhir/SearchParameter/{'Resource' if name[0] == '_' else resource}-{name.lstrip('_')}"
    stated = {"name": name, "definition": definition, "type": kind}
    return {**stated, "documentation": says or OF_PERSON_ONLY} if says else stated


_OPERATIONS_ONLY: tuple[dict[str, Any], ...] = (
    {
        "type": "Group",
        "documentation": "Groups of persons, for statistics only: all, or those of a province.",
        "interaction": [{"code": "read"}],
        "operation": [{"name": "export", "definition": OPERATION_DOCS["export"]}],
    },
    {
        "type": "CoverageEligibilityRequest",
        "documentation": "Create (not kept) with purpose validation or benefits; the answer is the CoverageEligibilityResponse.",
        "interaction": [{"code": "create"}],
    },
)


def smart_configuration(issuer: str, scopes: list[str], algorithms: list[str]) -> dict[str, Any]:
    """Return what /.well-known/smart-configuration says."""
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "token_endpoint": f"{issuer}/oauth2/token",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "scopes_supported": scopes,
        "response_types_supported": [],
        "code_challenge_methods_supported": ["S256"],
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    }
