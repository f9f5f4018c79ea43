package deployrole

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// GitHub is the issuer of GitHub Actions, Audience what its tokens are for when AWS's own action asks for them.
// https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
const (
	GitHub   = "https://token.actions.githubusercontent.com"
	Audience = "sts.amazonaws.com"
)

// DeployRoleArgs are the arguments of NewDeployRole. Either Repository or DeploySubjects say whose jobs may deploy.
type DeployRoleArgs struct {
	// Repository is the repository on GitHub, in the spelling that GitHub shows: as OWNER@OWNER-ID/NAME@ID where its tokens have
	// the ids, which are never given to another one, as those of repositories do that were made, renamed or transferred after
	// July 15, 2026; else as OWNER/NAME. Its jobs in Environment, or on Branch, may deploy; those of its pull requests may preview.
	// Default: none; one of Repository and DeploySubjects is required.
	Repository string
	// Environment is the GitHub environment whose jobs may deploy. Protect it with reviewers and with the branches that
	// may use it: it then decides, and not what a branch makes of the workflow. Default: none, Branch decides.
	Environment string
	// Branch is the branch whose jobs may deploy, when there is no Environment. Default: main.
	Branch string

	// Issuer is the URL of the OpenID Connect issuer, such as https://gitlab.com. Default: GitHub.
	Issuer string
	// Audience is the claim aud of the tokens. Default: Audience.
	Audience string
	// DeploySubjects are the values of the claim sub that may deploy, instead of those of Repository: for another issuer, or
	// for a repository whose sub claim is customized. They are compared as they are, and * is refused. Default: those of
	// Repository.
	DeploySubjects []string
	// PreviewSubjects are the values of the claim sub that may preview, instead of those of Repository. Default: its
	// pull requests.
	PreviewSubjects []string

	// ExistingProviderArn is the ARN of the account's identity provider for the issuer, which exists once in an account: a
	// second one is refused as EntityAlreadyExists. Default: it is created.
	ExistingProviderArn string

	// DeployPolicies are the policy documents of the role that deploys, as JSON by name: what deploy-policy prints. At most
	// 10, each of at most 6,144 characters. Required. A change of a name replaces its policy.
	DeployPolicies map[string]string
	// PreviewPolicies are those of the role that previews, with the same limits. Default: none; required
	// without OmitPreviewRole.
	PreviewPolicies map[string]string
	// OmitPreviewRole makes no role for previews. Default: false.
	OmitPreviewRole bool
	// Boundary is the document of a permissions boundary for the roles, as JSON: what deploy-policy prints. Default: none.
	Boundary string

	// MaxSessionSeconds is the longest session, 3600 to 43200. Default: 3600, which is enough for a baseline of 17 Regions.
	MaxSessionSeconds int
	// NamePrefix begins the names of roles and policies. Default: PROJECT-STACK-NAME. A change replaces them.
	NamePrefix string
	// Tags are added to the project's and stack's own. Default: none.
	Tags pulumi.StringMapInput
}

// Path is the IAM path of the roles and policies: the boundary of package deployrights protects what is below it.
const Path = "/deploy/"
