"""What every face is built from: parts of pages, signs, colours and sizes of letters, and the words the parts need themselves."""
