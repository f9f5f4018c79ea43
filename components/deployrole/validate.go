package deployrole

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

var (
	repository  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}(/[A-Za-z0-9._-]{1,100}|@[0-9]+/[A-Za-z0-9._-]{1,100}@[0-9]+)$`)
	branch      = regexp.MustCompile(`^[^\s*?:~^\[\\]+$`)
	issuerURL   = regexp.MustCompile(`^https://[^/?#:\s]+(/[^?#\s]*)?$`)
	providerARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/(.+)$`)
	policyName  = regexp.MustCompile(`^[\w+=,.@-]{1,40}$`)
)

// Limits of IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	longestPolicy = 6144
	longestTrust  = 2048
	mostPolicies  = 20
	leastSession  = 3600
	mostSession   = 43200
)

type findings struct{ problems []error }

func (f *findings) add(field, format string, values ...any) {
	f.problems = append(f.problems, fmt.Errorf("field %s: %s", field, fmt.Sprintf(format, values...)))
}

// Validate returns all that is wrong with the arguments, each problem naming its field.
func (a *DeployRoleArgs) Validate() error {
	f := &findings{}
	if err := naming.CheckPrefix("field NamePrefix", a.NamePrefix); err != nil {
		f.problems = append(f.problems, err)
	}
	a.checkIssuer(f)
	a.checkSubjects(f)
	a.checkPolicies(f, "DeployPolicies", a.DeployPolicies)
	if a.OmitPreviewRole {
		if len(a.PreviewPolicies) > 0 || len(a.PreviewSubjects) > 0 {
			f.add("OmitPreviewRole", "contradicts PreviewPolicies and PreviewSubjects: leave one side out")
		}
	} else {
		a.checkPolicies(f, "PreviewPolicies", a.PreviewPolicies)
	}
	if a.Boundary != "" {
		checkDocument(f, "Boundary", a.Boundary)
	}
	if s := a.MaxSessionSeconds; s != 0 && (s < leastSession || s > mostSession) {
		f.add("MaxSessionSeconds", "%d is not between %d and %d", s, leastSession, mostSession)
	}
	return errors.Join(f.problems...)
}

func (a *DeployRoleArgs) checkIssuer(f *findings) {
	if !issuerURL.MatchString(a.issuer()) || strings.HasSuffix(a.issuer(), "/") {
		f.add("Issuer", "%q is not an https URL without port, query and final slash", a.Issuer)
	}
	if arn := a.ExistingProviderArn; arn != "" {
		if match := providerARN.FindStringSubmatch(arn); match == nil {
			f.add("ExistingProviderArn", "%q is not the ARN of an OpenID Connect provider", arn)
		} else if match[1] != providerHost(a.issuer()) {
			f.add("ExistingProviderArn", "%q is a provider for %s, not for %s: correct it, or Issuer", arn, match[1], providerHost(a.issuer()))
		}
	}
}

func (a *DeployRoleArgs) checkSubjects(f *findings) {
	ofRepository := len(a.DeploySubjects) == 0 || len(a.PreviewSubjects) == 0 && !a.OmitPreviewRole
	switch {
	case a.Repository == "" && len(a.DeploySubjects) == 0:
		f.add("Repository", "is missing: give OWNER/NAME or OWNER@ID/NAME@ID, or DeploySubjects; a role without either would be open to every job of the issuer")
	case ofRepository && a.issuer() != GitHub:
		f.add("DeploySubjects", "are missing, or PreviewSubjects: the claims of %s are not known as those of GitHub are", a.issuer())
	case ofRepository && !repository.MatchString(a.Repository):
		f.add("Repository", "%q is neither OWNER/NAME nor OWNER@ID/NAME@ID, without wildcards", a.Repository)
	}
	if a.Environment != "" && a.Branch != "" {
		f.add("Branch", "is not looked at beside Environment: give one of them, and let the environment name its branches")
	}
	if a.Branch != "" && !branch.MatchString(a.Branch) {
		f.add("Branch", "%q is not the name of a branch, without wildcards and refs/heads/", a.Branch)
	}
	if strings.ContainsAny(a.Environment, "*?") {
		f.add("Environment", "%q has a wildcard, which would be compared as it is", a.Environment)
	}
	for field, subjects := range map[string][]string{"DeploySubjects": a.DeploySubjects, "PreviewSubjects": a.PreviewSubjects} {
		for i, subject := range subjects {
			if subject == "" || strings.ContainsAny(subject, "*?") {
				f.add(fmt.Sprintf("%s[%d]", field, i), "%q has a wildcard or is empty: claims are compared as they are", subject)
			}
		}
	}
	for _, subject := range a.deploySubjects() {
		if !a.OmitPreviewRole && slices.Contains(a.previewSubjects(), subject) {
			f.add("PreviewSubjects", "%q may deploy already: a pull request would be able to", subject)
		}
	}
	longest := trust("arn:aws-us-gov:iam::123456789012:oidc-provider/"+providerHost(a.issuer()), a.issuer(), a.Audience, a.deploySubjects())
	if len(longest) > longestTrust {
		f.add("DeploySubjects", "make a trust policy of %d characters, IAM takes %d; name fewer", len(longest), longestTrust)
	}
}

func (a *DeployRoleArgs) checkPolicies(f *findings, field string, documents map[string]string) {
	if len(documents) == 0 {
		f.add(field, "are missing: what `pulumi preview --json --show-sames | go run ./cmd/deploy-policy` prints")
	}
	if len(documents) > mostPolicies {
		f.add(field, "%d policies, a role takes at most %d", len(documents), mostPolicies)
	}
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		at := fmt.Sprintf("%s[%q]", field, name)
		if !policyName.MatchString(name) {
			f.add(at, "the name has others than letters, digits and +=,.@_-, or more than 40")
		}
		checkDocument(f, at, documents[name])
	}
}

func checkDocument(f *findings, field, text string) {
	var document struct {
		Version   string
		Statement []any
	}
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		f.add(field, "is not a policy document: %v", err)
		return
	}
	if document.Version != "2012-10-17" || len(document.Statement) == 0 {
		f.add(field, "is not a policy document of version 2012-10-17 with statements")
	}
	if n := len(strings.Join(strings.Fields(text), "")); n > longestPolicy {
		f.add(field, "has %d characters, a managed policy takes %d", n, longestPolicy)
	}
}
