"""What a person clicks. Opens the Processing algorithms' own dialogs; does no work itself."""
