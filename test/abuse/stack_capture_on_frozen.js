// expect: 38000
export default async function handle() {
  Error.captureStackTrace(Object.prototype);
}
