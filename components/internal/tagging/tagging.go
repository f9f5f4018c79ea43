// Package tagging gives every taggable resource the tags of its project, its stack and its user.
package tagging

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Keys of the tags that every taggable resource carries.
const (
	Project = "pulumi:project"
	Stack   = "pulumi:stack"
)

// All adds the project's and the stack's name to the user's tags, which win where they use the same key.
func All(ctx *pulumi.Context, user pulumi.StringMapInput) pulumi.StringMapInput {
	own := pulumi.StringMap{Project: pulumi.String(ctx.Project()), Stack: pulumi.String(ctx.Stack())}
	if user == nil {
		return own
	}
	if plain, ok := user.(pulumi.StringMap); ok {
		for key, value := range plain {
			own[key] = value
		}
		return own
	}
	project, stack := ctx.Project(), ctx.Stack()
	return user.ToStringMapOutput().ApplyT(func(tags map[string]string) map[string]string {
		all := map[string]string{Project: project, Stack: stack}
		for key, value := range tags {
			all[key] = value
		}
		return all
	}).(pulumi.StringMapOutput)
}
