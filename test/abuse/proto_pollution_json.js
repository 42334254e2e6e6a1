// expect: 38000
export default async function handle() {
  JSON.stringify = () => 'forged';
}
