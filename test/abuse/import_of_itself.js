// expect: 22023
import './import_of_itself.js';
export default () => 1;
