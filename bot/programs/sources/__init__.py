"""The pages behind programs and facts, read again and again: did what a row rests on change?"""
