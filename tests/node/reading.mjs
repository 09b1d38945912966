// Another maker's client reads a book: node reading.mjs BASE TOKEN OFFICER PIN. Prints what it found as JSON.
import { Client } from 'fhir-kit-client';

const [baseUrl, bearerToken, officer, pin] = process.argv.slice(2);
const client = new Client({ baseUrl, bearerToken, customHeaders: { 'ansinh-officer': officer, 'ansinh-purpose': 'treatment' } });
const told = {};

const stated = await client.capabilityStatement();
told.version = stated.fhirVersion;
const smart = await client.smartAuthMetadata();
told.token = String(smart.tokenUrl ?? '');

const patients = await client.search({
  resourceType: 'Patient',
  searchParams: { identifier: `urn:ansinh:sid:pin|${pin}` },
  options: { postSearch: true },
});
const id = patients.entry[0].resource.id;
told.patient = (await client.read({ resourceType: 'Patient', id })).resourceType;

let bundle = await client.search({ resourceType: 'Encounter', searchParams: { patient: id, _count: '25' } });
told.total = bundle.total;
told.encounters = [];
while (bundle) {
  told.encounters.push(...bundle.entry.filter((one) => one.search.mode === 'match').map((one) => one.resource.id));
  bundle = await client.nextPage({ bundle });
}
const summary = await client.operation({ name: 'summary', resourceType: 'Patient', id, method: 'get' });
told.summary = summary.entry.map((one) => one.resource.resourceType);

try {
  await client.search({ resourceType: 'Condition', searchParams: { colour: 'red', patient: id } });
} catch (refused) {
  told.refused = { status: refused.response.status, code: refused.response.data.issue[0].details.coding[0].code };
}
try {
  await client.read({ resourceType: 'Patient', id: 'nobody' });
} catch (refused) {
  told.missing = refused.response.data.resourceType;
}
console.log(JSON.stringify(told));
