import { type Input, Resource } from "@pulumi/pulumi";

/** The type of the resource that every other one descends from. No URN of a descendant repeats it. */
const stackType = "pulumi:pulumi:Stack";

/**
 * Which resource of a program this is: its URN without stack and project, so that `pulumi stack rename` changes nothing.
 * The provider learns it by a hidden input, because the engine tells it no URN.
 *
 * With a parent it is a promise and no Output. An Output of the parent's URN would depend on the parent, and so on all
 * its children: each key of a component would wait for the others, for ever. The SDK's `createUrn` is not used, because
 * it takes a parent's name with "::" in it for a type.
 */
export function resourceIdentity(type: string, name: string, parent: Resource | undefined): Input<string | undefined> {
  const own = `${type}::${name}`;
  // The SDK says itself what is wrong with a parent that is no resource.
  if (!Resource.isInstance(parent)) return own;
  return urnOf(parent).then(
    (urn) => {
      // urn:pulumi:<stack>::<project>::<types>::<name>
      const parentTypes = urn?.split("::")[2];
      return parentTypes === undefined || parentTypes === stackType ? own : `${parentTypes}$${own}`;
    },
    // The SDK reports the parent's failure itself, and registers no child of it.
    () => undefined,
  );
}

/** A resource's URN without its dependencies; undefined where it is not known. */
function urnOf({ urn }: Resource): Promise<string | undefined> {
  // The SDK leaves this method out of its types; every release that this package takes has it.
  return (urn as unknown as { promise(): Promise<string | undefined> }).promise();
}
