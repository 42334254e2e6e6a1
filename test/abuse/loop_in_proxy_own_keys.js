// expect: 57014
export default async function handle() {
  new Proxy({}, { ownKeys() { for (;;); } }); Object.keys(new Proxy({}, { ownKeys() { for (;;); } }));
}
