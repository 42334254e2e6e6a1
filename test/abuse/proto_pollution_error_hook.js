// expect: 38000
export default async function handle() {
  Error.prepareStackTrace = (e, sites) => sites[0].getThis();
}
