// expect: 38000
export default async function handle() {
  JSON.parse('['.repeat(1e6));
}
