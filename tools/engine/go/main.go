// Only names what is built, so that `go mod tidy` keeps go.mod and go.sum right; the command itself is built directly.
package main

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"

func main() {}
