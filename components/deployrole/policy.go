package deployrole

import (
	"cmp"
	"encoding/json"
	"strings"
)

// providerHost is the issuer as it stands in ARNs and condition keys.
func providerHost(issuer string) string { return strings.TrimPrefix(issuer, "https://") }

func (a *DeployRoleArgs) issuer() string { return cmp.Or(a.Issuer, GitHub) }

// deploySubjects are the sub claims that may deploy. The ids of an immutable claim stand in Repository.
// https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims
// https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
func (a *DeployRoleArgs) deploySubjects() []string {
	switch {
	case len(a.DeploySubjects) > 0:
		return a.DeploySubjects
	case a.Environment != "":
		return []string{"repo:" + a.Repository + ":environment:" + strings.ReplaceAll(a.Environment, ":", "%3A")}
	}
	return []string{"repo:" + a.Repository + ":ref:refs/heads/" + cmp.Or(a.Branch, "main")}
}

func (a *DeployRoleArgs) previewSubjects() []string {
	if len(a.PreviewSubjects) > 0 {
		return a.PreviewSubjects
	}
	return []string{"repo:" + a.Repository + ":pull_request"}
}

// trust lets jobs with exactly these claims take the role. StringEquals knows no wildcards.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func trust(providerArn, issuer, audience string, subjects []string) string {
	host := providerHost(issuer)
	text, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Sid": "Jobs", "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
			"Principal": map[string]string{"Federated": providerArn},
			"Condition": map[string]any{"StringEquals": map[string]any{host + ":aud": cmp.Or(audience, Audience), host + ":sub": oneOrMore(subjects)}},
		}},
	})
	if err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	return string(text)
}

func oneOrMore(values []string) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}
