// expect: 53200
export default async function handle() {
  const a = [];
  for (;;) a.push(new Intl.DateTimeFormat('en-US', { dateStyle: 'full' }));
}
