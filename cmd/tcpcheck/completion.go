package main

import "github.com/spf13/cobra"

var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the completion script of a shell",
		Long: `Print the script that makes a shell complete commands, flags and names:
bash, zsh, fish or powershell.`,
		Example: `  source <(tcpcheck completion bash)
  tcpcheck completion zsh > "${fpath[1]}/_tcpcheck"
  tcpcheck completion fish > ~/.config/fish/completions/tcpcheck.fish`,
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("completion takes one shell: %s", orList(shells))
			}
			root, out := cmd.Root(), cmd.OutOrStdout()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(out)
			}
			return unknownName("shell", args[0], shells).hint("the shells are " + orList(shells))
		},
	}
}
