package main

const helpText = `pulumi-local runs the real pulumi CLI on this project against a simulated AWS account.

Usage:
  go run ./cmd/pulumi-local [options] <pulumi command and flags>

  In a directory below with a Pulumi.yaml of its own, such as an example, it runs that project on an account of its own.

  up, preview, refresh, destroy, stack output, stack export, config … take all of the CLI's own flags.
  Where the CLI would ask and there is no terminal, up, refresh and destroy get --yes --non-interactive.

Commands of its own:
  down          destroy, and say what is kept, why, and how to adopt or to really remove it
  cost          what the settings as they are will cost a month, and what that changes
  reset         forget the simulated account, its state and its settings; the built CLI stays
  cli           build the CLI if it is missing and print its path
  help          the CLI's own help

Options, before the command; each may also be given as an environment variable:
  --account-id  12 digits, default 123456789012                           PULUMI_LOCAL_ACCOUNT_ID
  --partition   aws, aws-cn or aws-us-gov, default aws                    PULUMI_LOCAL_PARTITION
  --billing     hidden: an account whose root user has not let IAM see       PULUMI_LOCAL_BILLING
                the bill, as a new one of AWS; visible, the default.
                The account keeps it until the other is given
  --caller      ARN of the IAM principal that deploys,                    PULUMI_LOCAL_CALLER
                default arn:PARTITION:iam::ACCOUNT:role/ci/account-baseline-deployer
  -h, --help    this text

The exit code is the CLI's; under "go run" every failure becomes 1. Commands that need the Go language plugin (import,
watch, new) are for the real pulumi.

The CLI is the pulumi on PATH when it is 3.200 or newer; otherwise it is built once from tools/go.mod, which takes about
3 to 7 minutes. main.go is compiled when a command runs it. The stack dev is created when there is none.

Settings are read from Pulumi.<stack>.yaml each time, and that file is never written. "config set", "config rm" and
"--config" change the simulated stack only; what they change is kept in .pulumi-local/settings and lies over the file
until "reset". A secret in the file is encrypted for your real stack and is left out here: give the simulated stack one of
its own with "config set --secret".

A file simulated-account.yaml beside Pulumi.yaml says what a new simulated account finds around itself: an organization, opt-in
Regions that are enabled, and buckets and keys of other accounts (examples/central-log-archive has one).

The CLI writes the state after each resource, which takes minutes with all Regions. With PULUMI_SKIP_CHECKPOINTS=true it writes
it once, at the end; killed before, it forgets what it did: reset, then.

Everything is kept in .pulumi-local/, which git ignores. AWS_* variables and your Pulumi login are kept away from the CLI
and the program, so that a real account is never touched.
`
