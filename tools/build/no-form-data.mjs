/** What axios's bundle has in place of the package `form-data`: no form is ever sent. */
export default function FormData() {
  throw new Error("no form is ever sent");
}
