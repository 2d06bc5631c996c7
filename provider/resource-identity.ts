import { type Input, Resource } from "@pulumi/pulumi";

/** The type of the root resource. URNs of its descendants do not include it. */
const stackType = "pulumi:pulumi:Stack";

/**
 * Which resource of the program this is: its URN without stack and project, so that it survives `pulumi stack rename`.
 * It is a hidden input, because the engine does not give a provider the URN.
 *
 * With a parent it is a promise and not an Output. An Output of the parent's URN would depend on the parent and all its
 * children, so the keys of a component would wait for each other forever. The SDK's `createUrn` is not used, because it
 * takes a parent's name that contains "::" for a type.
 */
export function resourceIdentity(type: string, name: string, parent: Resource | undefined): Input<string | undefined> {
  const own = `${type}::${name}`;
  // The SDK itself reports a parent that is not a resource.
  if (!Resource.isInstance(parent)) return own;
  return urnOf(parent).then(
    (urn) => {
      // urn:pulumi:<stack>::<project>::<types>::<name>
      const parentTypes = urn?.split("::")[2];
      return parentTypes === undefined || parentTypes === stackType ? own : `${parentTypes}$${own}`;
    },
    // The SDK reports the parent's failure, and does not register its children.
    () => undefined,
  );
}

/** A resource's URN without its dependencies, or undefined if it is not known. */
function urnOf({ urn }: Resource): Promise<string | undefined> {
  // Missing from the SDK's types. Every supported release has it.
  return (urn as unknown as { promise(): Promise<string | undefined> }).promise();
}
