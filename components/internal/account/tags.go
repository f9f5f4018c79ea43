package account

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Keys of the tags that every taggable resource carries.
const (
	ProjectTag = "pulumi:project"
	StackTag   = "pulumi:stack"
)

// Tags adds the project's and the stack's name to the user's tags, which win where they use the same key.
func Tags(ctx *pulumi.Context, user pulumi.StringMapInput) pulumi.StringMapInput {
	own := pulumi.StringMap{ProjectTag: pulumi.String(ctx.Project()), StackTag: pulumi.String(ctx.Stack())}
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
		all := map[string]string{ProjectTag: project, StackTag: stack}
		for key, value := range tags {
			all[key] = value
		}
		return all
	}).(pulumi.StringMapOutput)
}
