"""On-policy distillation with TRL: the student answers, and learns the teacher's distribution of each of its tokens.

This is GKD (arXiv 2306.13649) with lmbda 1, for which TRL has the DistillationTrainer. `python distil.py --config FILE`;
every field of its DistillationConfig can be given, teacher_model_name_or_path among them.
"""

from trl import DistillationConfig, DistillationTrainer

import job


def main(argv=None):
    files, args = job.read_arguments((job.Files, DistillationConfig), "distil.yaml", argv)
    if args.teacher_model_name_or_path is None:
        raise SystemExit("There is no teacher. Give a model's folder or name as teacher_model_name_or_path.")
    trainer = DistillationTrainer(
        model=job.load_model(files.model_name_or_path, files.dtype),
        teacher_model=job.load_model(args.teacher_model_name_or_path, files.dtype),
        processing_class=job.load_tokenizer(files.model_name_or_path),
        args=args,
        train_dataset=job.load_rows(files.train_file),
    )
    job.train(trainer, files)


if __name__ == "__main__":
    main()
