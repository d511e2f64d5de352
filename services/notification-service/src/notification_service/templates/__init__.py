"""The words: versioned templates in zh-CN and en, one text per channel, and how they are filled."""
