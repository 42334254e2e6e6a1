// expect: 38000
export default async function handle() {
  throw { message: 'm', sqlstate: '02000' };
}
