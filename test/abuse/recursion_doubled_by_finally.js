// expect: 57014
export default async function handle() {
  const f = () => { try { f(); } finally { f(); } }; f();
}
