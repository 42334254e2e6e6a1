// expect: 38000
export default async function handle() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  throw proxy;
}
