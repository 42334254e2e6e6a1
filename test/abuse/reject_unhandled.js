// expect: 38000
export default async function handle() {
  Promise.reject(new Error('lost'));
}
