package account

import "regexp"

// PrincipalArn matches the ARN of an IAM role or user with its path, in full; PrincipalPattern allows * and ? as ArnLike
// takes them.
var (
	PrincipalArn     = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]+$`)
	PrincipalPattern = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}|\*):(role|user)/[\w+=,.@*?/-]+$`)
)
